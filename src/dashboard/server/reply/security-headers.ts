/** The policy of the page. `imageHosts` are those whose pictures it may load. */
export function buildContentPolicy(imageHosts: readonly string[]): string {
  const images = ["'self'", 'data:', ...imageHosts.map((host) => `https://${host}`)];
  return [
    "default-src 'self'",
    `img-src ${images.join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** On every answer. An answer's own headers come over these. */
export function buildSecurityHeaders(imageHosts: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': buildContentPolicy(imageHosts),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cache-control': 'no-store',
  };
}
