// The writer of QR codes, a file of its own beside the page: the page stands before it is there.
export { correction, generate } from "lean-qr/nano";
