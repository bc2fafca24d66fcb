const PREFIX = 'credential:'

/**
 * Where a file of the configuration is. `credential:NAME` is a file that systemd hands over in `directory`
 * (`$CREDENTIALS_DIRECTORY`); anything else is a path. Undefined for a credential where there is no such directory.
 * @see systemd.exec(5), LoadCredentialEncrypted=
 */
export const credentialPath = (value: string, directory: string | undefined): string | undefined => {
  if (!value.startsWith(PREFIX)) return value
  return directory === undefined ? undefined : `${directory}/${value.slice(PREFIX.length)}`
}
