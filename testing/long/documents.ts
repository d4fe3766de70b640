import { typeCommands, typedAlways } from '../document-commands.ts'

typeCommands((path) => !typedAlways.has(path))
