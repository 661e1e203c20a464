const storageKey = 'connections.namespaces';

/** Names of namespaces as people type them: by comma or blank, each once. What cannot be a name is left out. */
export function parseNamespaces(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).filter((name) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name));
  return [...new Set(names)];
}

/** Those that somebody typed before, in this browser. */
export function readTypedNamespaces(): readonly string[] {
  try {
    return parseNamespaces(localStorage.getItem(storageKey) ?? '');
  } catch {
    // Storage is switched off: nothing is remembered.
    return [];
  }
}

export function rememberTypedNamespaces(namespaces: readonly string[]): void {
  try {
    localStorage.setItem(storageKey, namespaces.join(','));
  } catch {
    // Storage is switched off: they hold until the page is left.
  }
}

/** Those that the address names: `?namespace=a,b` or repeated, and the one of the connection that is looked at. */
export function readAddressNamespaces({ search, pathname }: Pick<Location, 'search' | 'pathname'>): readonly string[] {
  const asked = new URLSearchParams(search).getAll('namespace').join(',');
  const looked = /^\/connections\/([^/]+)\//.exec(pathname)?.[1] ?? '';
  return parseNamespaces(`${asked},${looked}`);
}
