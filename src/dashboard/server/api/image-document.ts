import { createHash } from 'node:crypto';
import type { Connection } from '../../../api/generated/connection.ts';
import { connectionPath } from '../../../kube/resource-paths.ts';
import { type Answer, refuse } from '../answer.ts';
import type { ApiCall } from './api-route.ts';

const style = 'html,body{margin:0;height:100%}img{width:100%;height:100%;object-fit:contain}';
const styleDigest = createHash('sha256').update(style).digest('base64');

/**
 * GET: a document of one picture, for an iframe of the page. The browser loads the picture, this server never does; the
 * document's own policy lets it load that host's pictures and do nothing else, so the page's policy stays closed.
 */
export async function buildImageDocument({ session, names }: ApiCall): Promise<Answer> {
  const [namespace = '', name = ''] = names;
  const { spec } = await session.client.get<Connection>(connectionPath(namespace, name));
  const address = URL.parse(spec.image ?? '');
  // A host of other characters could say more in a policy than where a picture may come from.
  if (address?.protocol !== 'https:' || !/^[a-z0-9.:[\]-]+$/.test(address.host)) {
    return refuse(404, 'NotFound', 'This Connection has no image by address.');
  }
  const policy = [
    "default-src 'none'",
    `img-src https://${address.host}`,
    `style-src 'sha256-${styleDigest}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox',
  ];
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'SAMEORIGIN',
    },
    body: `<!doctype html><title>Image</title><style>${style}</style><img alt="" src="${escapeAttribute(address.href)}">`,
  };
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
