/** The Home tab: drawn each time somebody opens it. */
import type { App } from '@slack/bolt';
import { render } from '../blocks/render.ts';
import { OPEN_FORM } from '../form/ids.ts';
import { writeMetadata } from '../form/metadata.ts';
import type { Listening } from './context.ts';

export function listenToHome(app: App, { desk, client, log }: Listening): void {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return;
    try {
      const view = await desk.home(event.user);
      const button = { id: OPEN_FORM, label: 'Ask for a change', value: '', style: 'primary' as const };
      const { blocks } = render(
        { ...view, parts: [...view.parts, { kind: 'actions', actions: [button] }] },
        { surface: 'view', files: false },
      );
      await client.views.publish({
        user_id: event.user,
        /** What is asked from here is answered in the direct messages with this person. */
        view: {
          type: 'home',
          blocks,
          private_metadata: writeMetadata({ place: { channel: event.channel }, chosen: {} }),
        },
      });
    } catch (error) {
      log.warn({ err: error }, 'a Home tab could not be drawn');
    }
  });
}
