/** Files that become part of the page as they are. */
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "uplot/dist/*" {
  const text: string;
  export default text;
}
declare module "uplot/LICENSE" {
  const text: string;
  export default text;
}
