/** What the shop knows of its one book, and what two readers think of it. */

export const BOOK = {
  id: 0,
  title: 'The Comedy of Errors',
  description:
    'Two pairs of twins, parted by a shipwreck as infants, come to the same town on the same day without knowing of ' +
    'each other. Wives, debts and dinners go to the wrong man until nobody trusts his own eyes. It is one of William ' +
    'Shakespeare’s first plays, his shortest, and the one with the most slapstick.',
} as const;

export const DETAILS = {
  author: 'William Shakespeare',
  year: 1595,
  type: 'paperback',
  pages: 200,
  publisher: 'PublisherA',
  language: 'English',
  'ISBN-10': '1234567890',
  'ISBN-13': '123-1234567890',
} as const;

export const REVIEWS = [
  {
    reviewer: 'Reviewer1',
    text: 'I laughed until the person in front of me turned round. Twice the twins, twice the fun.',
  },
  {
    reviewer: 'Reviewer2',
    text: 'Neat as a clockwork and over before dinner. The later plays have more to say, though.',
  },
] as const;

export const RATINGS: Record<string, number> = { Reviewer1: 5, Reviewer2: 4 };
