/** The app's Home tab. */
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { Blocks } from '../blocks/blocks.ts';
import { SurfaceContext, useNewSurface } from '../elements/surface.ts';
import { html } from '../html.ts';
import { asObjects, asText } from '../json.ts';
import { usePage } from '../page-context.ts';
import { userOf } from '../selectors.ts';
import { Avatar } from './avatar.ts';
import { Notices } from './notices.ts';

export function AppHome({ channel }: { channel: string }): VNode {
  const page = usePage();
  const { home, app, me } = page.state;
  const blocks = asObjects(home?.blocks);
  const surface = useNewSurface({
    container: { type: 'view', viewId: asText(home?.id) || 'home' },
    blocks,
    onError: error => page.notify(error, channel),
  });
  useEffect(() => {
    void page.send({ type: 'open-home' }).then(reply => {
      if (!reply.ok) page.notify(reply.error, channel);
    });
  }, [me.id]);
  return html`<section class="app-home" role="tabpanel" aria-label=${`${app.name} Home`}>
    ${
      home
        ? html`<div class="app-home-page"><${SurfaceContext.Provider} value=${surface}><${Blocks} blocks=${blocks} /></${SurfaceContext.Provider}></div>`
        : html`<div class="app-home-empty"><${Avatar} user=${userOf(page.state, app.botUser)} size=${64} /><h2>${app.name}</h2><p>Nothing to show here yet.</p></div>`
    }
    <${Notices} channel=${channel} />
  </section>`;
}
