/** The status page for a browser near the device; the agent serves none without it. */
export type PageConfig = {
  /** `address:port`, an IPv6 address in brackets. */
  readonly listen: string
  /** File that holds the token, or `credential:NAME`. */
  readonly tokenFile?: string
}

export type ListenAddress = { readonly address: string; readonly port: number }

const LISTEN = /^(?:(\d{1,3}(?:\.\d{1,3}){3})|\[([0-9A-Fa-f:.]{2,45})\]):(\d{1,5})$/

/** The two halves of `listen`; undefined when it has another shape. The schema has judged the address. */
export const listenAddress = (listen: string): ListenAddress | undefined => {
  const [, four, six, port] = LISTEN.exec(listen) ?? []
  const address = four ?? six
  return address === undefined ? undefined : { address, port: Number(port) }
}

/** Whether nobody but this machine reaches the address, as it is written or as a socket tells it. */
export const isLoopback = (address: string): boolean =>
  address === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address)
