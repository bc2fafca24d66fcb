import * as v from 'valibot'
import { isLoopback, listenAddress } from '../core/page-configuration.ts'
import { about, fileOrCredential } from './config-scalars.ts'
import { strictFields } from './shape.ts'

const LISTEN = 'an IP address and a port from 1024, such as 127.0.0.1:8080 or [::1]:8080'

const isAddress = (address: string): boolean =>
  URL.canParse(`http://${address.includes(':') ? `[${address}]` : address}/`)

/** The unit has no right to open a port below 1024. */
const canListen = (value: string): boolean => {
  const listen = listenAddress(value)
  return listen !== undefined && listen.port >= 1024 && listen.port <= 65_535 && isAddress(listen.address)
}

const pageFields = strictFields({
  listen: about(
    v.pipe(v.string(), v.check(canListen, `expected ${LISTEN}`)),
    'Where the page is served: `127.0.0.1:8080` for this machine alone, or an address of a local network.',
  ),
  tokenFile: about(
    v.exactOptional(fileOrCredential),
    'File that holds the token which a browser must know, 16 to 256 letters and digits, or `credential:NAME`; needed for every address but 127.0.0.1 and ::1.',
  ),
})

const isGuarded = ({ listen, tokenFile }: v.InferOutput<typeof pageFields>): boolean =>
  tokenFile !== undefined || !canListen(listen) || isLoopback(listenAddress(listen)?.address ?? '')

export const statusPage = v.pipe(
  pageFields,
  v.forward(
    v.check(
      isGuarded,
      'is missing: whoever is on that network could read the page; name a file that holds a token, or listen on 127.0.0.1',
    ),
    ['tokenFile'],
  ),
)
