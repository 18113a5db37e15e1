import { migration } from "ectomorph/repo";

export default migration(20240102000000, "add_age", (m) => m);
