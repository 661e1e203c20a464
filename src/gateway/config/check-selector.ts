const name = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const key = `(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?${name}`;
const value = `(?:${name})?`;
const requirement = [
  `!\\s*${key}`,
  `${key}`,
  `${key}\\s*(?:==?|!=)\\s*${value}`,
  `${key}\\s+(?:in|notin)\\s*\\(\\s*${value}(?:\\s*,\\s*${value})*\\s*\\)`,
  `${key}\\s*[<>]\\s*[0-9]+`,
].join('|');
const form = new RegExp(`^\\s*(?:(?:${requirement})\\s*(?:,\\s*(?:${requirement})\\s*)*)?$`);

/** Whether a text is a label selector as the API server reads it (`team=shop,tier in (gold, silver),!legacy`), or empty. */
export function checkSelector(text: string): boolean {
  return form.test(text);
}
