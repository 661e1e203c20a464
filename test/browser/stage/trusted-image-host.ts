/** The one host whose pictures the dashboard of the stage shows without a click. */
export const trustedImageHost = 'pictures.example.com';
