/**
 * Whether a segment may be taken for a PHP front controller, such as `index.php`. Symfony, served from a subdirectory,
 * drops everything up to its own script's name wherever that stands in the path, so that
 * `/api/rest/v1/media-files/pim/index.php/api/rest/v1/products` is the list of products to it. No placeholder and no
 * wildcard stands for such a segment; a rule can name it. Names of files in the PIM begin with a hash and are longer.
 */
export function checkScriptName(segment: string): boolean {
  return /^[\w.-]{0,24}\.php/i.test(segment);
}
