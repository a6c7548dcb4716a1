"""The witness 见证方: cosigns heads of other services' boards, and no two histories of one."""
