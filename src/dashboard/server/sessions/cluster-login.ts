import type { KubeClient } from '../../../kube/kube-client.ts';
import type { TokenHolder } from './session.ts';

/** How viewers reach the cluster. */
export type ClusterLogin = ViewerLogin | KubeconfigLogin;

/** Everybody brings a token of their own; the program has none. */
export interface ViewerLogin {
  readonly mode: 'viewer';
  /** A client that calls as whoever the token in `holder` belongs to, as of each request. */
  open(holder: TokenHolder): KubeClient;
}

/** The one who started the program is the only viewer; a one-time code proves that the browser is theirs. */
export interface KubeconfigLogin {
  readonly mode: 'kubeconfig';
  readonly client: KubeClient;
  /** The token that the kubeconfig has now, for gateways; `undefined` with a client certificate. */
  readToken(): Promise<string | undefined>;
  /** Namespace of the kubeconfig's context. */
  readonly namespace: string | undefined;
}
