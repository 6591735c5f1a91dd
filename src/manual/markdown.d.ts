/** The chapters are part of the program, as text. */
declare module "*.md" {
  const text: string;
  export default text;
}
