import { type CatalogRefusal, refuse } from '../catalog-plan.ts';
import { CatalogUnavailable } from '../catalog-upstream.ts';

/** 502 for what cannot be judged because the upstream does not answer. Throws every other error again. */
export function refuseUnavailable(error: unknown): CatalogRefusal {
  if (error instanceof CatalogUnavailable) return refuse(502, error.message);
  throw error;
}
