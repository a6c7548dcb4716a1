// What phones of 2020 lack (Chrome 86, Safari 14) and a library takes for granted. Imported first.

const object = Object as { hasOwn?: (value: object, key: PropertyKey) => boolean };
object.hasOwn ??= (value, key) => Object.prototype.hasOwnProperty.call(value, key);
