/** The head of /proc/net/route. */
export const ROUTES = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n'

/** A row of it, a default route unless `mask` says otherwise. */
export const route = (device: string, metric: number, flags = '0003', mask = '00000000'): string =>
  `${device}\t00000000\t010200C0\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0\n`
