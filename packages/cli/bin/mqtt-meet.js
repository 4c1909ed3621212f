#!/usr/bin/env node
// npm links a command at installation, before anything is compiled: hence a file that is always there.
import "../dist/bin.js";
