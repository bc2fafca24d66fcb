import { ALLWINNER } from './allwinner.ts'
import { AMLOGIC } from './amlogic.ts'
import type { Header } from './header.ts'
import { RASPBERRY_PI } from './raspberry-pi.ts'
import { ROCKCHIP } from './rockchip.ts'

/** Every pin header that is known: the one place that says which line comes out of which pin. */
export const HEADERS: readonly Header[] = [...RASPBERRY_PI, ...ALLWINNER, ...ROCKCHIP, ...AMLOGIC]
