/** Schedules as people are shown them, and the outcomes of setting one. */
import type { SettingOutcome } from '../../src/command.ts';
import type { HealthSchedule } from '../../src/records/health-schedule.ts';
import { nextDue } from '../../src/rounds/due.ts';
import { whenInWords } from '../../src/rounds/words.ts';
import type { Phrase, Span, View } from '../../src/view.ts';

export function done(view: View): SettingOutcome {
  return { kind: 'done', view };
}

export function refused(says: Phrase): SettingOutcome {
  return { kind: 'refused', says };
}

export function scheduledView(schedule: HealthSchedule, now: number): View {
  const { spec, metadata } = schedule;
  const next = nextDue(schedule, now);
  const due: Span[] = next === undefined ? [] : [' The next is due ', { time: next }, '.'];
  return {
    text: `The mesh's health will be posted ${whenInWords(spec.when)} (${spec.tz}).`,
    parts: [
      {
        kind: 'text',
        text: [
          { person: spec.by.user },
          ' scheduled health posts in ',
          { channel: spec.channel },
          ': ',
          { bold: whenInWords(spec.when) },
          ` (${spec.tz}).`,
          ...due,
        ],
      },
      {
        kind: 'note',
        text: [
          'One post for each time, and one line when all is well. To end it: ',
          { code: `health stop ${metadata.name}` },
        ],
      },
    ],
  };
}

export function stoppedView({ spec, metadata }: HealthSchedule, by: string): View {
  const says: Span[] = [
    { person: by },
    ' stopped the health posts in ',
    { channel: spec.channel },
    `, ${whenInWords(spec.when)} (${spec.tz}), which `,
    { person: spec.by.user },
    ' had scheduled.',
  ];
  return { text: `Health posts stopped: ${metadata.name}.`, parts: [{ kind: 'text', text: says }] };
}

export function listView(schedules: HealthSchedule[], now: number): View {
  if (schedules.length === 0) {
    const says: Span[] = [
      'No health posts are scheduled. Write ',
      { code: 'health every weekday 9:00' },
      ' in a channel.',
    ];
    return { text: 'No health posts are scheduled.', parts: [{ kind: 'text', text: says }] };
  }
  const columns = ['Name', 'When', 'Where', 'By', 'Last', 'Next'].map(title => ({ title }));
  const rows = schedules.map((schedule): Phrase[] => {
    const { metadata, spec, status } = schedule;
    return [
      [{ code: metadata.name }],
      `${whenInWords(spec.when)} (${spec.tz})`,
      [{ channel: spec.channel }],
      [{ person: spec.by.user }],
      timeOr(status?.last?.at, 'not yet'),
      timeOr(nextDue(schedule, now), 'never: it is not understood'),
    ];
  });
  const trouble = schedules.flatMap(({ metadata, status }): Phrase[] =>
    status?.message === undefined ? [] : [[{ code: metadata.name }, `: the last post is missing. ${status.message}`]],
  );
  return {
    text: schedules.length === 1 ? 'One schedule of health posts.' : `${schedules.length} schedules of health posts.`,
    parts: [
      { kind: 'heading', text: 'Health posts' },
      { kind: 'table', columns, rows },
      ...(trouble.length > 0 ? [{ kind: 'bullets' as const, items: trouble }] : []),
    ],
  };
}

function timeOr(time: number | undefined, none: string): Phrase {
  return time === undefined ? none : [{ time }];
}
