import * as v from 'valibot'
import { about, shortList } from './config-scalars.ts'
import { dayRange, MAX_RANGES, rangeIsOpen } from './policy.ts'
import { integer, matching, text } from './scalars.ts'
import { strictFields } from './shape.ts'

const networkDevice = matching(/^[A-Za-z0-9_.-]{1,15}$/, 15, 'the name of a network device, such as usb0')
const page = matching(/^https?:\/\/[^/\s@]+\/\S*$/, 2_000, 'an http or https URL with a path')

const probe = strictFields({
  url: about(
    page,
    'Page of which the answer is known; of plain http, since a login page cannot pass itself off with https.',
  ),
  answer: about(
    v.exactOptional(text(1_000)),
    'Exactly what stands there, with status 200; absent: nothing, with status 204.',
  ),
})

const data = strictFields({
  monthlyMb: about(
    integer(1, 100_000_000),
    'What may go over modems in a billing month, MB of 1,000,000 bytes.',
  ),
  billingDay: about(
    v.optional(integer(1, 31), 1),
    'Day on which the month of the contract begins; in a shorter month its last day.',
  ),
  night: about(
    v.optional(shortList(v.pipe(strictFields(dayRange), rangeIsOpen()), MAX_RANGES), [
      { from: '00:00', to: '05:00' },
    ]),
    'Local times in which files are fetched over a modem all the same; [] for none.',
  ),
})

export const network = strictFields({
  modems: about(
    v.optional(shortList(networkDevice, 8), []),
    'Network devices that are modems though they look like cards (RNDIS, ECM); others are known by themselves.',
  ),
  probe: about(
    v.exactOptional(probe),
    'Asked while no broker can be reached, to tell a login page of the network from a dead line; nothing is asked without it.',
  ),
  data: about(
    v.exactOptional(data),
    'Budget of the mobile link; with it files wait for night, another link, or the last moment that is safe.',
  ),
})
