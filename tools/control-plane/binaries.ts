/** The programs of a control plane and the Go package that each is built from. */
export const goPackages = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
} as const;

export type BinaryName = keyof typeof goPackages;

/** In the order in which they are built: the quick one first, so that a broken Go shows at once. */
export const binaryNames: readonly BinaryName[] = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];

/** Where each program is, as absolute paths. */
export type Binaries = Readonly<Record<BinaryName, string>>;
