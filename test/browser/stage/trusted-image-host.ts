/** The one host whose pictures the dashboard of the stage shows without a click. */
export const trustedImageHost = 'pictures.example.com';
/** A picture there: every page of a test gets it. */
export const trustedPicture: string = `https://${trustedImageHost}/logo.svg`;
