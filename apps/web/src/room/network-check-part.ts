/** What only who checks the network needs: fetched then. */
export { checkNetwork } from "@mqtt-meet/sdk/browser";
