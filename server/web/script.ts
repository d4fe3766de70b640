import { readAsset } from './asset.ts'

/** What makes the pages of the desk quicker: without it all of them work, by links and forms. */
export const deskScript = readAsset(new URL('./desk.js', import.meta.url))

/** The address of the script as it now is. */
export const deskScriptUrl = `/web/desk.js?v=${deskScript.version}`
