import type { ListenAddress } from '../../process/read-listen-address.ts';

/** What a dashboard is told by whoever starts it. */
export interface DashboardSettings {
  readonly listen: ListenAddress;
  /** Names beside localhost that it answers for, in small letters. */
  readonly hosts: readonly string[];
  /** Hosts whose images the page may load without a click. */
  readonly imageHosts: readonly string[];
  /** Admin ports of the gateways, one of each store. */
  readonly gateways: readonly URL[];
}
