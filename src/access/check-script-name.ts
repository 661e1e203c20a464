/**
 * Whether a segment may be taken for a PHP front controller, such as `index.php`. Symfony, when it is served from a
 * subdirectory, takes its own script's name out of the path wherever it stands, with all that comes before it:
 * `/api/rest/v1/media-files/pim/index.php/api/rest/v1/products` is the list of products to it. So no placeholder and no
 * wildcard stands for such a segment; a rule can name it.
 */
export function checkScriptName(segment: string): boolean {
  return /\.php/i.test(segment);
}
