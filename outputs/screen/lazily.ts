/**
 * An object that is made when one of its properties is read, and anew for each.
 *
 * @param make gets the name of the property
 */
export function lazily<T extends object>(make: (name: keyof T) => T): T {
  return new Proxy({} as T, {
    get: (_none, name) => Reflect.get(make(name as keyof T), name),
  });
}
