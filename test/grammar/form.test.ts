import { describe, expect, it } from 'vitest';
import mirror from '../../commands/mirror.ts';
import shift from '../../commands/shift.ts';
import undo from '../../commands/undo.ts';
import { formOf } from '../../src/grammar/form.ts';
import { lineOf } from '../../src/grammar/line.ts';
import { editDistance, nearest } from '../../src/grammar/nearest.ts';
import { parse } from '../../src/grammar/parse.ts';

const vocabulary = {
  services: ['reviews', 'ratings'],
  versions: (service: string) => (service === 'reviews' ? ['v1', 'v2'] : []),
  changes: Array.from({ length: 150 }, (_, index) => `shift-${index}`),
  verbs: ['shift'],
  gateways: [],
};

function shapeOf(name: string, chosen: Record<string, string>, command = shift) {
  return formOf(command, vocabulary, chosen).inputs.find(input => input.name === name)!.shape;
}

describe('a form', () => {
  it('offers the live services, and the versions of the one that was chosen', () => {
    expect(shapeOf('service', {})).toEqual({
      kind: 'menu',
      choices: [
        { value: 'reviews', label: 'reviews' },
        { value: 'ratings', label: 'ratings' },
      ],
    });
    expect(shapeOf('version', { service: 'reviews' })).toMatchObject({ choices: [{ value: 'v1' }, { value: 'v2' }] });
    expect(shapeOf('version', {})).toEqual({ kind: 'text' });
    expect(shapeOf('percent', {}, mirror)).toEqual({ kind: 'number', least: 0, most: 100 });
    expect(shapeOf('percent', {})).toEqual({ kind: 'text' });
  });

  it('offers, and takes, the words that stand for a version', () => {
    expect(shapeOf('version', { service: 'reviews' }, mirror)).toMatchObject({
      choices: [{ value: 'v1' }, { value: 'v2' }, { value: 'off' }],
    });
    expect(parse('mirror reviews OFF', [mirror], vocabulary)).toMatchObject({
      kind: 'command',
      values: { service: 'reviews', version: 'off' },
    });
    expect(parse('shift reviews off 50', [shift], vocabulary).kind).toBe('mistake');
  });

  it('offers the newest changes, and all services however many there are', () => {
    const changes = shapeOf('id', {}, undo);
    expect(changes).toMatchObject({ kind: 'menu' });
    if (changes.kind === 'menu')
      expect(changes.choices.map(({ value }) => value)).toEqual(vocabulary.changes.slice(0, 100));
    const services = Array.from({ length: 3_000 }, (_, index) => `service-${index}`);
    const shape = formOf(shift, { ...vocabulary, services }, {}).inputs.find(({ name }) => name === 'service')!.shape;
    expect(shape).toMatchObject({ kind: 'menu' });
    if (shape.kind === 'menu') expect(shape.choices).toHaveLength(3_000);
  });

  it('means the line that a person would have typed', () => {
    expect(
      lineOf(shift, { service: 'reviews', version: 'v3', percent: '50', route: '', match: 'end-user = jason' }),
    ).toBe('shift reviews v3 50 --match "end-user = jason"');
  });

  it('cannot smuggle a flag or a second line in', () => {
    const line = lineOf(shift, { service: 'reviews', version: 'v3', percent: '50', match: '--in\nother' });
    expect(line).toBe('shift reviews v3 50 --match "--in other"');
  });
});

describe('did you mean', () => {
  it('counts swaps of neighbours as one', () => {
    expect(editDistance('reveiws', 'reviews')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  it('says nothing rather than something far, and nothing where two are as near', () => {
    expect(nearest('ratings', ['reviews'])).toBeUndefined();
    expect(nearest('v4', ['v1', 'v2'])).toBeUndefined();
    expect(nearest('rating', ['ratings', 'details'])).toBe('ratings');
  });
});
