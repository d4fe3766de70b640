/** The passkey of Safaricom's sandbox, published on its portal: whoever has it proves nothing by it. */
export const sandboxPasskey = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919'
