import { answerAccess } from './api/access-answers.ts';
import type { ApiRoute } from './api/api-route.ts';
import { createConnection, deleteConnection, patchConnection, readConnection } from './api/connections.ts';
import { readEvents } from './api/events.ts';
import { buildImageDocument } from './api/image-document.ts';
import { readNamespaceList } from './api/namespaces.ts';
import { buildReportRoutes } from './gateways/gateway-reports.ts';
import { LiveDesk } from './live/live-desk.ts';

/**
 * Everything that is answered to somebody who is signed in, the session itself aside. What stands here is all that the
 * cluster is ever asked for: no Secret among it.
 */
export function buildApi(gateways: readonly URL[]): readonly ApiRoute[] {
  const live = new LiveDesk();
  const one = 'connections/:namespace/:name';
  return [
    { method: 'GET', pattern: 'namespaces', handle: readNamespaceList },
    { method: 'POST', pattern: 'access', handle: answerAccess },
    { method: 'POST', pattern: 'connections/:namespace', handle: createConnection },
    { method: 'GET', pattern: one, handle: readConnection },
    { method: 'PATCH', pattern: one, handle: patchConnection },
    { method: 'DELETE', pattern: one, handle: deleteConnection },
    { method: 'GET', pattern: `${one}/events`, handle: readEvents },
    { method: 'GET', pattern: `${one}/image`, handle: buildImageDocument },
    { method: 'GET', pattern: 'live', handle: (call) => live.answer(call) },
    ...buildReportRoutes(gateways),
  ];
}
