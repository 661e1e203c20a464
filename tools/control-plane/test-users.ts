/** A person that the API server knows by a token. Nobody has rights before a test binds some. */
export interface ClusterUser {
  readonly name: string;
  /** Beside `system:authenticated`, which everybody is in. */
  readonly groups: readonly string[];
}

/** Cluster administrator: everything that a control plane's own `kubeconfig` does is done as this user. */
export const adminUser: ClusterUser = { name: 'admin', groups: ['system:masters'] };

/** Known to every control plane. The API server reads its users once, at start, so they are made ahead. */
export const testUsers: readonly ClusterUser[] = [
  { name: 'alice', groups: [] },
  { name: 'bob', groups: [] },
  { name: 'carol', groups: ['team-a'] },
  { name: 'dora', groups: ['team-b'] },
  { name: 'olga', groups: ['platform'] },
];
