/** Light or dark: the system's choice until somebody chooses here. */
import { recall, remember } from './drafts.ts';

export type Theme = 'light' | 'dark';

export function themeNow(): Theme {
  const kept = recall('theme');
  if (kept === 'light' || kept === 'dark') return kept;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function setTheme(theme: Theme): void {
  remember('theme', theme);
  document.documentElement.dataset.theme = theme;
}

/** Shows the theme now, and follows the system while nobody has chosen. */
export function startTheme(): void {
  document.documentElement.dataset.theme = themeNow();
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    document.documentElement.dataset.theme = themeNow();
  });
}
