/** What the kernel knows about the wall clock (adjtimex(2)) and the uptime of the system. */
export interface TimeQuality {
  read(): {
    readonly synchronised: boolean
    readonly offsetMs: number
    readonly uptimeMs: number
    readonly hasRtc: boolean
  }
}
