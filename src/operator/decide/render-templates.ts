import mustache from 'mustache';

/** The names that a template may use, and what they stand for. Absent values (no gateway address) are unknown names. */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

/** Rendered keys, or the sentence that says which template is wrong and why. */
export type Rendered =
  | { readonly ok: true; readonly data: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string };

/** Renders each template; values are put in as they are, nothing is escaped. */
export function renderTemplates(templates: Readonly<Record<string, string>>, values: TemplateValues): Rendered {
  const data: [key: string, text: string][] = [];
  for (const [key, template] of Object.entries(templates)) {
    const result = renderTemplate(template, values);
    if (!result.ok) return { ok: false, message: `spec.secret.data[${JSON.stringify(key)}]: ${result.message}` };
    data.push([key, result.text]);
  }
  // Not assigned one by one: a key may be named __proto__.
  return { ok: true, data: Object.fromEntries(data) };
}

type RenderedText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

function renderTemplate(template: string, values: TemplateValues): RenderedText {
  // A writer of its own: the library's shared one keeps every template it ever saw.
  let tokens: ReturnType<typeof mustache.parse>;
  try {
    tokens = new mustache.Writer().parse(template, ['{{', '}}']);
  } catch {
    return { ok: false, message: 'it is not a template: a {{ is not closed by }}' };
  }
  let text = '';
  for (const [kind, content] of tokens) {
    const piece = pieceOf(String(kind), String(content), values);
    if (piece === undefined) return { ok: false, message: complaint(String(kind), String(content), values) };
    text += piece;
  }
  return { ok: true, text };
}

function pieceOf(kind: string, content: string, values: TemplateValues): string | undefined {
  switch (kind) {
    case 'text':
      return content;
    case '!':
      return '';
    case 'name':
    case '&':
      return Object.hasOwn(values, content) ? values[content] : undefined;
    default:
      return undefined;
  }
}

function complaint(kind: string, content: string, values: TemplateValues): string {
  const known = Object.keys(values).filter((name) => values[name] !== undefined);
  if (kind !== 'name' && kind !== '&') {
    return `sections, partials and other delimiters are not supported; write plain text and {{names}} of ${known.join(', ')}`;
  }
  if (content === 'uri' || content === 'tokenUri') {
    return `{{${content}}} needs an operator that was started with --gateway-url`;
  }
  return `{{${content.slice(0, 64)}}} is not known; there are ${known.join(', ')}`;
}
