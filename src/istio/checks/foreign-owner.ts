/** Nothing else keeps the objects that are written. An object that is created has no owner yet. */
import { ownerOf } from '../edit/place/owner.ts';
import type { Check } from './check.ts';

export const foreignOwner: Check = {
  about: 'change',
  rules: [
    {
      code: 'foreign-owner',
      severity: 'error or warning',
      what: 'Argo CD, Flux, Helm, Argo Rollouts, Flagger, Kiali or another controller keeps the object, and would write its own state back. A label that only hints at an owner warns. Field managers are read with the dry run.',
      fix: 'Make the change where the owner reads it, or take the object from it.',
      source:
        'https://fluxcd.io/flux/components/kustomize/kustomizations/ and the pages of the others on what they label',
    },
  ],
  find: ({ writes }) => writes.flatMap(({ before }) => (before ? ownerOf(before) : [])),
};
