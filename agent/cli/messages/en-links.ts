import type { DoctorLinkWords } from '../../core/doctor/words.ts'
import type { LinkWords } from './messages.ts'

const BEARERS = {
  ethernet: 'Ethernet',
  wifi: 'Wi-Fi',
  cellular: 'mobile network',
  vpn: 'tunnel',
  none: 'NO NETWORK',
}

const NAMES: Readonly<Record<string, string>> = BEARERS

export const enLinks: LinkWords = {
  network: 'Network',
  data: 'Data',
  bearers: BEARERS,
  modem: 'modem',
  roaming: 'roaming',
  sims: { missing: 'NO SIM', locked: 'SIM LOCKED', failed: 'SIM OR MODEM FAILED' },
  used: (usedMb, monthlyMb, since) =>
    `${usedMb}${monthlyMb === undefined ? '' : ` of ${monthlyMb}`} MB over the modem since ${since}`,
}

export const enDoctorLink: DoctorLinkWords = {
  up: (bearer, device) =>
    `the device reaches out over ${NAMES[bearer] ?? bearer}${device === '' ? '' : ` (${device})`}`,
  none: [
    'no network: neither cable, Wi-Fi nor modem leads out',
    'look at plug, antenna and SIM; then: ip -brief address; ip route; nmcli device (or: networkctl)',
  ],
  dns: [
    'no name server answers: names of brokers and servers cannot be looked up',
    'which one is asked? cat /etc/resolv.conf; resolvectl status; give another in the network settings',
  ],
  portal: (detail) => [
    `a login page of the network stands in the way: ${detail}`,
    'log this device in there, or have its MAC address let through: ip -brief link',
  ],
  noInternet: (detail) => [
    `the network is there, but nothing outside answers: ${detail}`,
    'is the router connected, the SIM paid? ping -c 3 8.8.8.8; restart the router; ask the provider',
  ],
  modem: (detail) => [
    `the modem cannot be used: ${detail}`,
    'see: mmcli -m any; SIM, plug and supply of the modem; then: sudo systemctl restart ModemManager',
  ],
  data: (detail) => [
    `most of the monthly data is used: ${detail}`,
    'what takes it? loa media; live relays; raise network.data.monthlyMb if the contract allows it',
  ],
  local: 'nothing leads out of this device; its broker lies on it or in its own network',
  free: 'no login page and no dead line stands in the way',
  signal: (bearer, dbm) => `signal of the ${NAMES[bearer] ?? bearer}: ${dbm} dBm`,
  weak: (bearer, dbm) => [
    `weak signal of the ${NAMES[bearer] ?? bearer}: ${dbm} dBm`,
    'move or raise the antenna, out of the metal box; look at its cable and plug; another provider; then: loa status',
  ],
  modemFine: (model, state) => `modem ${model === '' ? '' : `${model} `}${state}, SIM in order`,
  dataUsed: (mb, since) => `${mb} MB over the modem since ${since}`,
}
