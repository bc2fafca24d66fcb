/** Facts about the machine; every reading may be missing on some board. */
export interface Machine {
  readonly machineId: string
  /** Changes with every boot of the kernel. */
  readonly kernelBootId: string
  readonly model: string
  readonly serial: string
  readonly os: string
  /** Resident memory of this process and its children, MiB. */
  residentMb(): number
  /** Free space for state, MiB. */
  freeDiskMb(): number
  /** Size of the disk of the state, MiB; 0 when unknown. */
  diskMb(): number
}
