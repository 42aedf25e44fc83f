/** A share in words, with one decimal at most: `50 %`, `33.3 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 10) / 10} %`;
}
