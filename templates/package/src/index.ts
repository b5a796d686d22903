export { __EXPORT__ } from "./__FOLDER__.ts";
