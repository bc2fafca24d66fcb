import { dirname, join } from 'node:path'
import type { ControlAccess } from '../../core/control.ts'

/** Beside `control.sock`: whoever may open it may act. */
const ADMIN_SOCKET = 'admin.sock'

/** Where verbs of that kind are asked, given the path of `control.sock`. */
export const socketFor = (access: ControlAccess, controlSocket: string): string =>
  access === 'look' ? controlSocket : join(dirname(controlSocket), ADMIN_SOCKET)
