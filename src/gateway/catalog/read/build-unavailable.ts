import { buildErrorBody, type CatalogRefusal, type CatalogReply, refuse } from '../catalog-plan.ts';
import { CatalogUnavailable } from '../catalog-upstream.ts';

/** 502 for a reply that cannot be judged because the upstream does not answer. Throws every other error again. */
export function buildUnavailable(error: unknown): CatalogReply {
  const { status, message } = refuseUnavailable(error);
  return { status, contentType: 'application/json', body: buildErrorBody(status, message) };
}

/** The same for a call that has not been forwarded. */
export function refuseUnavailable(error: unknown): CatalogRefusal {
  if (error instanceof CatalogUnavailable) return refuse(502, error.message);
  throw error;
}
