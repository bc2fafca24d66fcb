import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createLinks } from '../../../agent/adapters/system/links.ts'
import { NO_WAY } from '../../../agent/core/link/way.ts'
import { type Files, rootOf, writeBelow } from '../../fakes/root.ts'
import { ROUTES, route } from './routes.ts'

const nobody = (): boolean => false
const linksOf = (files: Files, isModem: (device: string) => boolean = nobody) =>
  createLinks(isModem, rootOf(files))

describe('the way out', () => {
  it.each([
    {
      says: 'the card of the default route',
      files: { 'proc/net/route': ROUTES + route('eth0', 100) },
      bearer: 'ethernet',
    },
    {
      says: 'the default route of lowest metric',
      files: {
        'proc/net/route': ROUTES + route('eth0', 700) + route('wlan0', 600),
        'sys/class/net/wlan0/phy80211': '',
      },
      bearer: 'wifi',
    },
    {
      says: 'a modem by its device type',
      files: {
        'proc/net/route': ROUTES + route('wwu1i4', 100),
        'sys/class/net/wwu1i4/uevent': 'DEVTYPE=wwan\nINTERFACE=wwu1i4\n',
      },
      bearer: 'cellular',
    },
    { says: 'a dialled link', files: { 'proc/net/route': ROUTES + route('ppp0', 0) }, bearer: 'cellular' },
    { says: 'a tunnel', files: { 'proc/net/route': ROUTES + route('wg0', 0) }, bearer: 'vpn' },
    {
      says: 'the IPv6 default route when there is no other',
      files: {
        'proc/net/ipv6_route': `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} ffffffff 00000001 00000000 00200200       lo\n${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe80${'0'.repeat(27)}1 00000400 00000001 00000000 00000003     eth0\n`,
      },
      bearer: 'ethernet',
    },
    {
      says: 'none while routes lead to neighbours only, are down or reject',
      files: {
        'proc/net/route':
          ROUTES + route('eth0', 0, '0001', '00FFFFFF') + route('eth0', 0, '0002') + route('*', 0, '0201'),
      },
      bearer: 'none',
    },
    {
      says: 'not that of a card whose plug is out, whatever its route says',
      files: {
        'proc/net/route': ROUTES + route('eth0', 100) + route('wlan0', 600),
        'sys/class/net/eth0/carrier': '0\n',
        'sys/class/net/wlan0/wireless': '',
      },
      bearer: 'wifi',
    },
    {
      says: 'not that of a card that is down',
      files: {
        'proc/net/route': ROUTES + route('eth0', 100) + route('wwan0', 700),
        'sys/class/net/eth0/operstate': 'down\n',
        'sys/class/net/wwan0/operstate': 'unknown\n',
      },
      bearer: 'cellular',
    },
  ])('is $says', ({ files, bearer }) => {
    expect(linksOf(files).way().bearer).toBe(bearer)
  })

  it('follows the tree from cable to Wi-Fi to modem', () => {
    const cable = ROUTES + route('eth0', 100)
    const all = cable + route('wlan0', 600) + route('wwan0', 700)
    const root = rootOf({
      'proc/net/route': all,
      'sys/class/net/eth0/carrier': '1\n',
      'sys/class/net/eth0/ifindex': '2\n',
      'sys/class/net/wlan0/carrier': '1\n',
      'sys/class/net/wlan0/phy80211/index': '0\n',
      'sys/class/net/wwan0/ifindex': '5\n',
    })
    const links = createLinks(nobody, root)
    expect(links.way()).toEqual({ bearer: 'ethernet', device: 'eth0', index: 2, metered: false })
    writeBelow(root, { 'sys/class/net/eth0/carrier': '0\n' })
    expect(links.way()).toEqual({ bearer: 'wifi', device: 'wlan0', metered: false })
    writeBelow(root, { 'proc/net/route': ROUTES + route('wwan0', 700) })
    expect(links.way()).toEqual({ bearer: 'cellular', device: 'wwan0', index: 5, metered: true })
    writeBelow(root, { 'proc/net/route': ROUTES })
    expect(links.way()).toEqual(NO_WAY)
  })

  it('is paid for when a tunnel goes through a modem, and when somebody says that a card is one', () => {
    const tunnel = ROUTES + route('wg0', 0)
    expect(linksOf({ 'proc/net/route': tunnel + route('ppp0', 700) }).way()).toMatchObject({
      bearer: 'vpn',
      metered: true,
    })
    expect(linksOf({ 'proc/net/route': tunnel + route('eth0', 700) }).way().metered).toBe(false)
    const card = { 'proc/net/route': ROUTES + route('usb0', 100) }
    expect(linksOf(card, (device) => device === 'usb0').way()).toMatchObject({
      bearer: 'cellular',
      metered: true,
    })
  })
})

describe('signal and counters', () => {
  it('are those of the kernel', () => {
    const links = linksOf({
      'proc/net/wireless': [
        'Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE',
        ' face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22',
        ' wlan0: 0000   52.  -58.  -256        0      0      0      0      0        0',
      ].join('\n'),
      'sys/class/net/eth0/statistics/rx_bytes': '999\n',
      'sys/class/net/eth0/statistics/tx_bytes': '999\n',
      'sys/class/net/wwan0/ifindex': '5\n',
      'sys/class/net/wwan0/statistics/rx_bytes': '8123456789\n',
      'sys/class/net/wwan0/statistics/tx_bytes': '1234\n',
      'sys/class/net/ppp0/ifindex': '9\n',
    })
    expect(links.wifiDbm('wlan0')).toBe(-58)
    expect(links.wifiDbm('wlan')).toBeUndefined()
    expect(links.modemCounters()).toEqual({ wwan0: { index: 5, rx: 8_123_456_789, tx: 1234 } })
  })

  it('are absent where files are missing or hold nonsense, and nothing throws', () => {
    const links = linksOf({
      'proc/net/route': 'nonsense\n\0\n\t\t\n',
      'proc/net/ipv6_route': 'x y z',
      'proc/net/wireless': 'wlan0: 0000 70. 70. 0\nwlan1:',
      'sys/class/net/wwan0/statistics/rx_bytes': '-1\n',
      'sys/class/net/wwan0/statistics/tx_bytes': 'many\n',
    })
    expect(links.way()).toEqual(NO_WAY)
    expect([links.wifiDbm('wlan0'), links.wifiDbm('wlan1')]).toEqual([undefined, undefined])
    expect(links.modemCounters()).toEqual({})
    const nowhere = createLinks(nobody, '/nonexistent')
    expect(nowhere.way()).toEqual(NO_WAY)
    expect(nowhere.modemCounters()).toEqual({})
  })
})

it('the addresses are those that this machine sends from, if it can reach out at all', async () => {
  const addresses = await createLinks(nobody).addresses()
  for (const address of addresses) {
    // Only an address of this machine can be listened on.
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, address, resolve)
    })
    server.close()
  }
  expect(addresses.length).toBeLessThanOrEqual(2)
})
