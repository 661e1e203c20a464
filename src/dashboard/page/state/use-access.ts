import { useQuery } from '@tanstack/react-query';
import { type AccessAnswers, type AccessQuestion, dashboardPaths } from '../../../api/dashboard-api.ts';
import { callApi } from './call-api.ts';

/** Most questions that one call may hold. */
const most = 100;

/**
 * What the viewer may do, in the order of the questions. `undefined` until it is known or when nobody answers: then
 * nothing is held back, since the cluster has the last word anyhow.
 */
export function useAccess(questions: readonly AccessQuestion[]): readonly (boolean | undefined)[] {
  const { data } = useQuery({
    queryKey: ['access', questions],
    queryFn: () => callApi<AccessAnswers>('POST', dashboardPaths.access, { questions: questions.slice(0, most) }),
    enabled: questions.length > 0,
    staleTime: 60_000,
  });
  return questions.map((_, index) => data?.allowed[index]);
}
