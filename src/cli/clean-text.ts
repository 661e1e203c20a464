/**
 * Text of others on one line, safe for a terminal: control characters, which could move the cursor or rewrite what stands
 * on the screen, and signs that turn the direction of writing become spaces.
 */
export function cleanText(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
