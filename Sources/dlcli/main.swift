print("dlcli")
