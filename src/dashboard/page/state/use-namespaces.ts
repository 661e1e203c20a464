import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dashboardPaths, type NamespaceList, type Session } from '../../../api/dashboard-api.ts';
import { ApiFailure, callApi } from './call-api.ts';
import { readAddressNamespaces, readTypedNamespaces, rememberTypedNamespaces } from './namespace-choice.ts';

export interface NamespaceChoice {
  /** Absent until it is known whether the viewer may list namespaces. */
  readonly namespaces: readonly string[] | undefined;
  readonly isNamed: boolean;
  readonly name: (namespaces: readonly string[]) => void;
  /** Why it is not known whether the viewer may list namespaces. */
  readonly failure: Error | undefined;
  readonly retry: () => void;
}

/** Those that the viewer may list, else those of the address, of the kubeconfig, and those typed before. */
export function useNamespaces(session: Session): NamespaceChoice {
  const [named, setNamed] = useState(() => [...readAddressNamespaces(location), ...readTypedNamespaces()]);
  const listed = useQuery({
    queryKey: ['namespaces'],
    queryFn: () => callApi<NamespaceList>('GET', dashboardPaths.namespaces),
    retry: false,
  });
  const isNamed = listed.error instanceof ApiFailure && listed.error.reason === 'Forbidden';
  const own = [...new Set([...named, ...session.namespaces])].sort();
  return {
    namespaces: isNamed ? own : listed.data?.namespaces,
    isNamed,
    name: (namespaces) => {
      rememberTypedNamespaces(namespaces);
      setNamed([...namespaces]);
    },
    // Once they are known, another look that fails changes nothing.
    failure: isNamed || listed.data !== undefined ? undefined : (listed.error ?? undefined),
    retry: () => void listed.refetch(),
  };
}
