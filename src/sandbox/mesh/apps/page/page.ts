/** The product page as HTML. */
import { BOOK } from '../books.ts';

export interface Review {
  reviewer: string;
  text: string;
  rating?: { stars?: number; color?: string; error?: string };
}

export interface Shown {
  /** The product page's own pod. */
  pod: string;
  user?: string;
  /** What a service said, or with what status it failed. */
  details: { facts: Record<string, string | number> } | { failed: number };
  reviews: { reviews: Review[]; pod: string } | { failed: number };
}

export function page(shown: Shown): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Simple Bookstore App</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/shop.css">
<script src="/static/shop.js" defer></script>
</head>
<body>
<header>
  <a class="brand" href="/productpage"><span aria-hidden="true">❧</span> Bookinfo</a>
  ${session(shown.user)}
</header>
<main data-version="${versionShown(shown)}">
  <section class="book">
    <img src="/static/cover.svg" alt="" width="200" height="290">
    <div>
      <h1>${BOOK.title}</h1>
      <p>${BOOK.description}</p>
      ${details(shown.details)}
    </div>
  </section>
  ${reviews(shown.reviews)}
  <section class="loads" hidden>
    <h2>Your last reloads</h2>
    <ol aria-label="Which version of reviews answered"></ol>
    <p><button type="button" id="reload">Reload</button> <button type="button" id="again">Reload ten times</button></p>
  </section>
</main>
<footer>Page by <code>${escaped(shown.pod)}</code>, behind the local mesh’s ingress gateway.</footer>
</body>
</html>
`;
}

function session(user: string | undefined): string {
  if (user !== undefined) {
    return `<form class="session" action="/logout"><span>Signed in as <b>${escaped(user)}</b></span><button>Sign out</button></form>`;
  }
  return `<form class="session" method="post" action="/login">
    <label for="username">User</label>
    <input id="username" name="username" placeholder="jason" autocomplete="off" required maxlength="40">
    <button>Sign in</button>
  </form>`;
}

const NAMES: [string, string][] = [
  ['author', 'Author'],
  ['year', 'Year'],
  ['type', 'Type'],
  ['pages', 'Pages'],
  ['publisher', 'Publisher'],
  ['language', 'Language'],
  ['ISBN-10', 'ISBN-10'],
  ['ISBN-13', 'ISBN-13'],
];

function details(told: Shown['details']): string {
  if ('failed' in told) return sorry('Sorry, product details are currently unavailable for this book.', told.failed);
  const rows = NAMES.filter(([key]) => told.facts[key] !== undefined);
  return `<dl>${rows.map(([key, name]) => `<div><dt>${name}</dt><dd>${escaped(told.facts[key]!)}</dd></div>`).join('')}</dl>`;
}

function reviews(told: Shown['reviews']): string {
  if ('failed' in told) {
    return `<section class="reviews"><h2>Readers say</h2>${sorry(
      'Sorry, product reviews are currently unavailable for this book.',
      told.failed,
    )}</section>`;
  }
  const each = told.reviews.map(
    review => `<figure><blockquote>${escaped(review.text)}</blockquote>
      <figcaption>${escaped(review.reviewer)}</figcaption>${rating(review.rating)}</figure>`,
  );
  return `<section class="reviews">
    <h2>Readers say</h2>
    <div class="pair">${each.join('')}</div>
    <p class="served">Reviews by <code>${escaped(told.pod)}</code></p>
  </section>`;
}

function rating(given: Review['rating']): string {
  if (!given) return '';
  if (given.stars === undefined) return `<p class="sorry">${escaped(given.error ?? 'No ratings')}</p>`;
  const stars = Math.max(0, Math.min(5, Math.round(given.stars)));
  const color = given.color === 'red' ? 'red' : 'black';
  return `<p class="stars ${color}" role="img" aria-label="${stars} of 5 stars, ${color}">${'★'.repeat(stars)}<i>${'★'.repeat(
    5 - stars,
  )}</i></p>`;
}

function sorry(text: string, status: number): string {
  return `<p class="sorry">${text} <small>${status === 0 ? 'No answer came in time.' : `Status ${status}.`}</small></p>`;
}

/** `v1`, `v2`, `v3`, or `none` where reviews failed: for the strip of reloads. */
function versionShown({ reviews: told }: Shown): string {
  if ('failed' in told) return 'none';
  const color = told.reviews[0]?.rating ? (told.reviews[0].rating.color ?? 'unrated') : undefined;
  return color === undefined ? 'v1' : color === 'red' ? 'v3' : color === 'black' ? 'v2' : 'none';
}

function escaped(value: string | number): string {
  return String(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
